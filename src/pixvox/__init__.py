"""Pixels to Voxels: what the notebooks of the course import.

The notebooks hold the ideas; this package holds what would only distract from
them: finding and checking data, drawing figures, keeping the ledger of claims,
running the lessons. Importing it loads neither TensorFlow nor Keras.
"""

__version__ = "0.1.0"
