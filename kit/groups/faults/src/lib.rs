//! Simulated clocks, disks and networks, and sockets on loopback.
