//! Settings that are one of a few words.

/// Declares an enum whose variants have names in the configuration.
macro_rules! choice {
    (
        $(#[doc = $about:literal])+
        $name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $word:literal, )+ }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl $name {
            /// All of them, in the order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in the configuration.
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )+
                }
            }
        }

        impl $crate::config::setting::Setting for $name {
            fn expected() -> String {
                $crate::config::choice::words(&[$($word),+])
            }

            fn of(raw: &$crate::config::setting::Raw) -> Result<Self, &$crate::config::setting::Raw> {
                $crate::config::setting::text(raw, |text| {
                    Self::ALL.iter().copied().find(|choice| choice.name() == text)
                })
            }

            fn show(&self) -> Option<String> {
                Some($crate::config::setting::quoted(self.name()))
            }
        }
    };
}

pub(crate) use choice;

/// `` `a`, `b` or `c` ``.
pub(crate) fn words(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some(_) | None => quoted.concat(),
    }
}
