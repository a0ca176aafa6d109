"""What the claims about unseen rows and boxes say on Ames, and whether their confidence holds in simulation."""
