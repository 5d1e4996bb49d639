"""`sokhan batch`: whole collections in, parts of rows out, in a job that can be killed and resumed."""
