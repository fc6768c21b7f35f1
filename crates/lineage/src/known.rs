//! What a node owns that most nodes only borrow, or have one of.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use core::mem;
use core::ops::Deref;

use evidence::Attributes;

/// What the uses of a node's credentials tell about it; reads as [`Attributes`].
#[derive(Clone, Debug, Default)]
pub enum Known<'e> {
    /// The node was never used.
    #[default]
    Nothing,
    /// What one credential tells.
    One(&'e Attributes),
    /// What several credentials tell together.
    Several(Box<Attributes>),
}

/// Nothing, to refer to.
const NOTHING: &Attributes = &Attributes::NONE;

impl Deref for Known<'_> {
    type Target = Attributes;

    fn deref(&self) -> &Attributes {
        match self {
            Self::Nothing => NOTHING,
            Self::One(attributes) => attributes,
            Self::Several(attributes) => attributes,
        }
    }
}

impl Known<'_> {
    /// Adds what `other` knows.
    pub(crate) fn merge(&mut self, other: Self) {
        *self = match (mem::take(self), other) {
            (known, Self::Nothing) | (Self::Nothing, known) => known,
            (Self::Several(mut mine), other) => {
                mine.merge((*other).clone());
                Self::Several(mine)
            }
            (mine @ Self::One(_), other) => {
                let mut merged = Box::new((*mine).clone());
                merged.merge((*other).clone());
                Self::Several(merged)
            }
        };
    }
}

/// Keys of a node, in order. Most nodes have one.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    first: Option<Arc<str>>,
    /// All later than the first.
    rest: BTreeSet<Arc<str>>,
}

impl Keys {
    /// Adds `key`.
    pub(crate) fn insert(&mut self, key: Arc<str>) {
        match &mut self.first {
            None => self.first = Some(key),
            Some(first) if key < *first => _ = self.rest.insert(mem::replace(first, key)),
            Some(first) if *first < key => _ = self.rest.insert(key),
            Some(_) => {}
        }
    }

    /// Adds the keys of `other`.
    pub(crate) fn extend(&mut self, other: Self) {
        other.first.into_iter().chain(other.rest).for_each(|key| self.insert(key));
    }

    /// Whether `key` is one of them.
    pub fn contains(&self, key: &str) -> bool {
        self.first.as_deref() == Some(key) || self.rest.contains(key)
    }

    /// The smallest one.
    pub const fn first(&self) -> Option<&Arc<str>> {
        self.first.as_ref()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<str>> {
        self.first.iter().chain(&self.rest)
    }
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;
    use alloc::vec::Vec;

    use super::Keys;

    #[test]
    fn keys_are_in_order_and_distinct() {
        let mut keys = Keys::default();
        assert!(keys.is_empty());
        for key in ["c", "a", "b", "a", "c", "d", "b"] {
            keys.insert(Arc::from(key));
        }
        assert_eq!(keys.iter().map(|key| &**key).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        assert_eq!((keys.len(), keys.first().map(|key| &**key)), (4, Some("a")));
        assert!(keys.contains("a") && keys.contains("d") && !keys.contains("e"));
    }
}
