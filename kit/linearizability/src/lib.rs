//! Is there an order of these operations that a single copy could have followed?
