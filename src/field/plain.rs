//! The types of settings that hold a single value.

use std::path::PathBuf;

use super::{Field, Setting, Value, off_on};

/// A type that holds a single value.
pub trait Plain {
    /// Its value in files and forms.
    fn to_value(&self) -> Value;

    /// Converts a value that the setting's description accepted.
    fn of(value: Value) -> Self;
}

impl<T: Plain> Setting for T {
    fn initial(field: &Field) -> Self {
        T::of(field.default())
    }

    fn value(&self) -> Option<Value> {
        Some(self.to_value())
    }

    fn put(&mut self, value: Value) {
        *self = T::of(value);
    }
}

impl<T: Plain> Plain for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Off, T::to_value)
    }

    fn of(value: Value) -> Self {
        (value != Value::Off).then(|| T::of(value))
    }
}

macro_rules! plain {
    ($($type:ty: $held:pat => $value:expr, $given:ident => $of:expr;)*) => {$(
        impl Plain for $type {
            fn to_value(&self) -> Value {
                let $held = self;
                $value
            }

            fn of($given: Value) -> Self {
                $of
            }
        }
    )*};
}

plain! {
    usize: held => Value::Whole(*held), value => value.whole();
    u64: held => Value::Whole(*held as usize), value => value.whole() as Self;
    f64: held => Value::Number(*held), value => value.number();
    // By its shortest decimal, as in files and forms, not by its digits in double precision.
    f32: held => Value::Number(held.to_string().parse().unwrap_or_else(|_| f64::from(*held))),
        value => value.number() as Self;
    bool: held => Value::Choice(off_on(*held)), value => value.choice() == off_on(true);
    String: held => Value::Text(held.clone()), value => value.text().trim().to_owned();
    PathBuf: held => Value::Text(held.display().to_string()), value => value.text().trim().into();
}

/// Several paths, with `:` between them.
impl Plain for Vec<PathBuf> {
    fn to_value(&self) -> Value {
        let paths = self.iter().map(|path| path.display().to_string());
        Value::Text(paths.collect::<Vec<_>>().join(":"))
    }

    fn of(value: Value) -> Self {
        let paths = value.text().split(':').map(str::trim);
        paths
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
            .collect()
    }
}

/// An enumeration whose cases are the choices of a setting: `Same => "same"`.
macro_rules! choices {
    ($type:ty { $first:ident => $first_name:literal $(, $case:ident => $name:literal)* $(,)? }) => {
        impl $type {
            /// The names in files and forms, in the order in which forms show them.
            pub const NAMES: &'static [&'static str] = &[$first_name $(, $name)*];
        }

        impl $crate::field::Plain for $type {
            fn to_value(&self) -> $crate::field::Value {
                $crate::field::Value::Choice(match self {
                    Self::$first => $first_name,
                    $(Self::$case => $name,)*
                })
            }

            fn of(value: $crate::field::Value) -> Self {
                match value.choice() {
                    $($name => Self::$case,)*
                    _ => Self::$first,
                }
            }
        }
    };
}

pub(crate) use choices;
