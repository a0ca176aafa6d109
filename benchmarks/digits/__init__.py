"""Classifiers of scikit-learn's digits: formulas of all logits, certified agreement, the ridge read as a temperature."""
