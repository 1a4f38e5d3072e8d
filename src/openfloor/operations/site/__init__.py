"""Does a site serve the scripts of the release? What was released, what a page loads, and the comparison."""
