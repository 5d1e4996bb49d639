"""What computes the models: OpenVINO or torch."""
