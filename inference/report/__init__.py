"""What an annotated archive says: one page and tables from the rows of `sokhan batch`."""
