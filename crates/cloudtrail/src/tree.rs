//! A JSON value taken apart, with its texts borrowed from the input.

use alloc::borrow::Cow;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::text::Text;

/// A JSON value, as [`serde_json::Value`] would hold it, which allocates little.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Tree<'a> {
    /// Its elements.
    Array(Vec<Tree<'a>>),
    /// A whole number.
    Integer(i64),
    /// Its members. Of two of one name the last counts.
    Object(Vec<(Text<'a>, Tree<'a>)>),
    /// Null, a boolean, or a number that is no [`i64`].
    #[default]
    Other,
    /// A string.
    String(Cow<'a, str>),
}

/// What stands where there is nothing.
static NOTHING: Tree<'static> = Tree::Other;

impl<'a> Tree<'a> {
    /// The value of `raw`, and nothing where that is not JSON.
    pub(crate) fn parse(raw: &'a str) -> Self {
        serde_json::from_str(raw).unwrap_or_default()
    }

    /// The member `name` of an object.
    pub fn get(&self, name: &str) -> &Self {
        match self {
            Self::Object(members) => {
                let mut members = members.iter().rev();
                members.find(|(key, _)| **key == *name).map_or(&NOTHING, |(_, value)| value)
            }
            Self::Array(_) | Self::Integer(_) | Self::Other | Self::String(_) => &NOTHING,
        }
    }

    /// The elements of an array.
    pub fn elements(&self) -> &[Self] {
        match self {
            Self::Array(elements) => elements,
            Self::Integer(_) | Self::Object(_) | Self::Other | Self::String(_) => &[],
        }
    }

    /// The first element of an array.
    pub fn first(&self) -> &Self {
        self.elements().first().unwrap_or(&NOTHING)
    }

    /// The text of a string that is not empty.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(&**text).filter(|text| !text.is_empty()),
            Self::Array(_) | Self::Integer(_) | Self::Object(_) | Self::Other => None,
        }
    }

    /// A whole number.
    pub const fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Array(_) | Self::Object(_) | Self::Other | Self::String(_) => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Tree<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Tree::String(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Tree::String(Cow::Owned(value.to_string())))
    }

    fn visit_bool<E>(self, _value: bool) -> Result<Self::Value, E> {
        Ok(Tree::Other)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Tree::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or(Tree::Other, Tree::Integer))
    }

    fn visit_f64<E>(self, _value: f64) -> Result<Self::Value, E> {
        Ok(Tree::Other)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Tree::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Tree::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Tree;

    /// Whether `tree` tells what `value` tells.
    fn is_same(tree: &Tree<'_>, value: &Value) -> bool {
        match value {
            Value::Array(elements) => {
                let both = tree.elements().iter().zip(elements);
                tree.elements().len() == elements.len() && both.clone().all(|(l, r)| is_same(l, r))
            }
            Value::Object(members) => {
                matches!(tree, Tree::Object(_))
                    && members.iter().all(|(name, value)| is_same(tree.get(name), value))
            }
            Value::String(text) => *tree == Tree::String(text.into()),
            Value::Number(number) => tree.integer() == number.as_i64(),
            Value::Bool(_) | Value::Null => *tree == Tree::Other,
        }
    }

    #[test]
    fn a_tree_tells_what_a_value_tells() {
        let deep = ["[".repeat(127), "]".repeat(127)].concat();
        let too_deep = ["[".repeat(200), "]".repeat(200)].concat();
        for raw in [
            r#"{"a":"x","b":["y","\u00e9\"",{"c":null}],"d":-5,"e":1.5,"f":18446744073709551615}"#,
            r#"{"a":1,"a":"last","\u0061\n":true}"#,
            r#"{"a":{"b":"c"}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":1e999}"#,
            r#"{"a":01}"#,
            "\"\u{1}\"",
            r#"{"a":1} x"#,
            "null",
            "",
            &deep,
            &too_deep,
        ] {
            let value: Value = serde_json::from_str(raw).unwrap_or_default();
            assert!(is_same(&Tree::parse(raw), &value), "{raw}");
        }
    }

    #[test]
    fn what_is_not_there_is_nothing() {
        let tree = Tree::parse(r#"{"a":[{"b":""},"c"]}"#);
        assert_eq!(tree.get("a").first().get("b").text(), None);
        assert_eq!(tree.get("a").elements().last().and_then(Tree::text), Some("c"));
        assert_eq!(tree.get("x").get("y").first(), &Tree::Other);
        assert_eq!(tree.first(), &Tree::Other);
    }
}
