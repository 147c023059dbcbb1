"""What Attest promises in numbers, measured: `make bench` prints one table."""
