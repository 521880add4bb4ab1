"""The managers' pages: one module for each tab."""
