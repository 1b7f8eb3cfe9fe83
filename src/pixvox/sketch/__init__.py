"""Programs that draw the sample data."""
