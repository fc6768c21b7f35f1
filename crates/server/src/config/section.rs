//! Declares the sections of the configuration: fields, defaults and descriptions in one place.

use super::table::Table;

/// A setting, as documents show it.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static [&'static str],
    /// Its value as TOML where nobody gives one.
    pub(crate) default: Option<&'static str>,
    /// A value that it could have, where it has no default.
    pub(crate) example: Option<&'static str>,
    pub(crate) expected: fn() -> String,
    pub(crate) is_required: fn() -> bool,
}

/// Settings that stand together.
pub(crate) trait Section: Sized {
    /// What they are for.
    const ABOUT: &'static [&'static str];
    /// Each of them.
    const KEYS: &'static [Key];

    /// Reads all of them, and notes every problem; nothing where a required one is missing.
    fn read(table: &mut Table<'_, '_>) -> Option<Self>;

    /// Each value as TOML.
    fn show(&self) -> Vec<(&'static str, Option<String>)>;
}

/// Declares a struct that is a [`Section`].
///
/// `key: Type = default` gives a default; `key: Type => example` has none and shows an example.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        $name:ident {
            $( $(#[doc = $doc:literal])+ $key:ident: $type:ty $(= $default:expr)? $(=> $example:expr)?, )*
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[doc = $doc])+ pub $key: $type, )*
        }

        impl $crate::config::section::Section for $name {
            const ABOUT: &'static [&'static str] = &[$($about),+];
            const KEYS: &'static [$crate::config::section::Key] = &[$(
                $crate::config::section::Key {
                    name: stringify!($key),
                    doc: &[$($doc),+],
                    default: section!(@text $($default)?),
                    example: section!(@text $($example)?),
                    expected: <$type as $crate::config::setting::Setting>::expected,
                    is_required: || <$type as $crate::config::setting::Setting>::absent().is_none(),
                }
            ),*];

            fn read(table: &mut $crate::config::table::Table<'_, '_>) -> Option<Self> {
                $( let $key = table.read::<$type>(stringify!($key), section!(@text $($default)?)); )*
                let _ = &table;
                Some(Self { $( $key: $key? ),* })
            }

            fn show(&self) -> Vec<(&'static str, Option<String>)> {
                vec![$( (stringify!($key), $crate::config::setting::Setting::show(&self.$key)) ),*]
            }
        }
    };
    (@text) => { None };
    (@text $value:expr) => { Some(stringify!($value)) };
}

pub(crate) use section;
