"""Certificates: witnesses from float64, numbers from the checker's own exact code, two files on disk."""

from .certification import certify
from .matrix import CertifiedSvd, certify_svd

__all__ = ["CertifiedSvd", "certify", "certify_svd"]
