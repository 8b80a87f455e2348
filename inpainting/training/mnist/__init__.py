"""The paper's study: its combined loss against the base and the cycle loss, on MNIST's digits."""
