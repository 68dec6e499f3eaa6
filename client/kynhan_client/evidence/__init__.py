"""Judging evidence offline: receipts, a case's folder, and paper that leads back to them."""
