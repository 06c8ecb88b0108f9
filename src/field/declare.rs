//! The declaration from which everything about a struct's settings derives.

/// Declares a struct of settings. Each line declares one setting: its meaning, its type, its default, the values that it accepts, and
/// those that a form steps through.
///
/// ```text
/// settings! {
///     /// How a kite flies.
///     #[derive(serde::Serialize, serde::Deserialize)]
///     #[serde(deny_unknown_fields, default)]
///     pub struct Kite {
///         /// length of the line, in metres
///         line: usize = Field::whole(30, 1..=200, &[10, 30, 60]),
///         /// share of the wind that it catches
///         lift: f64 = Field::span(0.5, 0.0..=1.0, &[0.25, 0.5, 0.75]),
///     }
/// }
/// ```
///
/// A line's help is its doc comment, or that of the description on its right. Serde attributes of a setting precede it in brackets,
/// without `serde`: `[skip_serializing_if = "is_default"]`. Fields that are not settings follow in a second block, `and { … }`, in
/// normal struct syntax.
macro_rules! settings {
    (
        $(#[$about:meta])*
        $visibility:vis struct $name:ident {
            $($(#[doc = $help:literal])* $([$($serde:tt)*])? $field:ident: $type:ty = $described:expr),* $(,)?
        }
        $(and {
            $($(#[$other_about:meta])* $other:ident: $other_type:ty),* $(,)?
        })?
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs, reason = "where a line has no help, its description has")]
        $visibility struct $name {
            $($(#[doc = $help])* $(#[serde($($serde)*)])? pub $field: $type,)*
            $($($(#[$other_about])* pub $other: $other_type,)*)?
        }

        impl Default for $name {
            fn default() -> Self {
                let mut fields = <Self as $crate::field::Settings>::FIELDS.iter();
                let mut next = || fields.next().expect("each line has a description");
                let settings = Self {
                    $($field: $crate::field::Setting::initial(next()),)*
                    $($($other: Default::default(),)*)?
                };
                debug_assert!(fields.next().is_none(), "each description has a line");
                settings
            }
        }

        impl $crate::field::Settings for $name {
            const FIELDS: &'static [$crate::field::Field] = &[
                $($described.of_line(stringify!($field), concat!($($help),*)),)*
            ];
        }

        impl $crate::field::Setting for $name {
            fn initial(_field: &$crate::field::Field) -> Self {
                Self::default()
            }

            fn value(&self) -> Option<$crate::field::Value> {
                None
            }

            fn inner(&self) -> $crate::field::Inner<'_> {
                let inner: Vec<&dyn $crate::field::Setting> = vec![$(&self.$field),*];
                let fields = <Self as $crate::field::Settings>::FIELDS.iter();
                fields.zip(inner).collect()
            }

            fn inner_mut(&mut self) -> $crate::field::InnerMut<'_> {
                let inner: Vec<&mut dyn $crate::field::Setting> = vec![$(&mut self.$field),*];
                let fields = <Self as $crate::field::Settings>::FIELDS.iter();
                fields.zip(inner).collect()
            }
        }
    };
}

/// Declares a type of [`Kind`](crate::field::Kind)s and the closed list of them, from which parser, menus, forms, help and tests derive. A
/// noun names one of them in messages; what a kind has besides name, help and fields is declared in the struct.
macro_rules! kinds {
    (
        $(#[$about:meta])*
        pub struct $kind:ident, $noun:literal {
            $($(#[$more_about:meta])* $more_visibility:vis $more:ident: $more_type:ty,)*
        }

        $(#[$list_about:meta])*
        pub static $list:ident = [$($item:expr),* $(,)?];
    ) => {
        $(#[$about])*
        pub struct $kind {
            /// As files and the command line write it.
            pub name: &'static str,
            /// What it does, in one sentence.
            pub help: &'static str,
            /// Its settings, in the order in which files and forms show them.
            pub fields: &'static [$crate::field::Field],
            $($(#[$more_about])* $more_visibility $more: $more_type,)*
        }

        $crate::field::kinds! {
            $(#[$list_about])*
            pub static $list: $kind, $noun = [$($item),*];
        }
    };
    // Only the list, for a type that is declared by hand.
    (
        $(#[$list_about:meta])*
        pub static $list:ident: $kind:ident, $noun:literal = [$($item:expr),* $(,)?];
    ) => {
        $(#[$list_about])*
        pub static $list: &[&$kind] = &[$(&$item),*];

        impl $kind {
            /// The kinds' names, in the order of the list.
            pub const NAMES: &'static [&'static str] = &[$($item.name),*];
        }

        impl $crate::field::Kind for $kind {
            const NOUN: &'static str = $noun;

            fn all() -> &'static [&'static Self] {
                $list
            }

            fn name(&self) -> &'static str {
                self.name
            }

            fn fields(&self) -> &'static [$crate::field::Field] {
                self.fields
            }
        }

        impl std::fmt::Debug for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name)
            }
        }
    };
}

pub(crate) use {kinds, settings};
