//! Binary trees without keys.

use seeded::Rng;

/// The shape of a binary tree, an empty one included.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// No node.
    Empty,
    /// A node with what is to its left and to its right.
    Node(Box<(Shape, Shape)>),
}

impl Shape {
    /// All shapes of `n` nodes: 1, 1, 2, 5, 14, … (the Catalan numbers).
    pub fn all(n: usize) -> Vec<Shape> {
        if n == 0 {
            return vec![Shape::Empty];
        }
        let mut all = vec![];
        for left in 0..n {
            let rights = Shape::all(n - 1 - left);
            for left in Shape::all(left) {
                for right in &rights {
                    all.push(Shape::Node(Box::new((left.clone(), right.clone()))));
                }
            }
        }
        all
    }

    /// A shape of `n` nodes: at each node any division between left and right is as likely as any other.
    pub fn random(n: usize, rng: &mut Rng) -> Shape {
        if n == 0 {
            return Shape::Empty;
        }
        let left = rng.below(n);
        let subtrees = (Shape::random(left, rng), Shape::random(n - 1 - left, rng));
        Shape::Node(Box::new(subtrees))
    }

    /// How many nodes it has.
    pub fn size(&self) -> usize {
        match self {
            Shape::Empty => 0,
            Shape::Node(subtrees) => 1 + subtrees.0.size() + subtrees.1.size(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_shapes_are_there_each_once() {
        for (n, catalan) in [1, 1, 2, 5, 14, 42, 132].into_iter().enumerate() {
            let all = Shape::all(n);
            let different: BTreeSet<_> = all.iter().collect();
            assert_eq!((all.len(), different.len()), (catalan, catalan));
            assert!(all.iter().all(|shape| shape.size() == n));
        }
    }

    #[test]
    fn chance_gives_every_shape() {
        let mut seen = BTreeSet::new();
        seeded::cases(500, |rng| {
            let shape = Shape::random(4, rng);
            assert_eq!(shape.size(), 4);
            seen.insert(shape);
        });
        assert_eq!(seen.len(), 14);
    }
}
