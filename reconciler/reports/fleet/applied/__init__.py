"""What an apply over several targets did."""
