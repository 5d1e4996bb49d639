"""Fine-tuning and pre-training of the models that `inference` applies."""
