"""Arena PLM's REST side, from the vendor's pages."""
