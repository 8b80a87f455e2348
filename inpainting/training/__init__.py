"""Making the generator: holes, data, discriminator, losses, and the loop that joins them."""
