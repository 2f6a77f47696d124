"""What the site must survive, one module a kind of fault; run by benchmarks/faults.py."""
