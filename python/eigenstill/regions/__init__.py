"""Regions: a proved bound on |student - network| at every point of boxes, for ReLU networks."""

from .certify import CertifiedRegions, certify_regions
from .relu import ReluNetwork, relu_network

__all__ = ["CertifiedRegions", "ReluNetwork", "certify_regions", "relu_network"]
