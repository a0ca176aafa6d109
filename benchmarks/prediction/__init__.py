"""What a prediction costs: the formula beside its teacher's forward pass and scikit-learn's KernelRidge."""
