"""What each spec needs: one module for each reason to write."""
