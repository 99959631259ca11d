"""What `scripts/bench` is made of: workloads, the load generator, the floors, one measured run, the report."""
