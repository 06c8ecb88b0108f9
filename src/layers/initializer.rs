//! How the kernels of layers with weights are initialised.

use super::Start;
use crate::field::{Field, choices};

/// A way to draw a kernel's initial values, by the numbers of values that one output value is computed from, and that one input value goes
/// into.
///
/// Source: Keras 3, `VarianceScaling`; Glorot and Bengio 2010, He et al. 2015, LeCun et al. 1998.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Initializer {
    GlorotUniform,
    GlorotNormal,
    HeUniform,
    HeNormal,
    LecunUniform,
    LecunNormal,
    Zeros,
}

choices! {
    Initializer {
        GlorotUniform => "glorot_uniform",
        GlorotNormal => "glorot_normal",
        HeUniform => "he_uniform",
        HeNormal => "he_normal",
        LecunUniform => "lecun_uniform",
        LecunNormal => "lecun_normal",
        Zeros => "zeros",
    }
}

/// The field `kernel_initializer` of layers with weights.
pub(super) const FIELD: Field = Field::choice(Initializer::NAMES)
    .added()
    .labelled("initializer")
    .meaning("how the kernel's weights are drawn at the start, as in Keras; he for relu, zeros learns nothing");

/// The standard deviation of a normal variable with deviation 1 that is drawn again while beyond ±2.
const TRUNCATED: f32 = 0.879_625_7;

impl Initializer {
    /// The start of a kernel with these dimensions, of which the last two are inputs and outputs, and those before them a window.
    pub(super) fn start(self, dimensions: &[usize]) -> Start {
        let (window, ends) = dimensions.split_at(dimensions.len() - 2);
        let area: usize = window.iter().product();
        let (fan_in, fan_out) = (area * ends[0], area * ends[1]);
        let uniform = |scale: f32, fans: usize| Start::Uniform {
            limit: (scale / fans as f32).sqrt(),
        };
        let normal = |scale: f32, fans: usize| Start::TruncatedNormal {
            deviation: (scale / fans as f32).sqrt() / TRUNCATED,
        };
        match self {
            Self::GlorotUniform => uniform(6.0, fan_in + fan_out),
            Self::GlorotNormal => normal(2.0, fan_in + fan_out),
            Self::HeUniform => uniform(6.0, fan_in),
            Self::HeNormal => normal(2.0, fan_in),
            Self::LecunUniform => uniform(3.0, fan_in),
            Self::LecunNormal => normal(1.0, fan_in),
            Self::Zeros => Start::Zeros,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_deviations_are_those_of_keras() {
        let start = |initializer: Initializer| initializer.start(&[3, 2, 4, 5]);
        let near = |got: f32, expected: f32| (got / expected - 1.0).abs() < 1e-6;
        // Fans of 24 and 30.
        for (initializer, expected) in [
            (Initializer::GlorotUniform, 1.0f32 / 3.0),
            (Initializer::HeUniform, 0.5),
            (Initializer::LecunUniform, 0.125f32.sqrt()),
        ] {
            let Start::Uniform { limit } = start(initializer) else {
                panic!("{initializer:?}: uniform");
            };
            assert!(near(limit, expected), "{initializer:?}: {limit}");
        }
        for (initializer, expected) in [
            (Initializer::GlorotNormal, (1.0f32 / 27.0).sqrt()),
            (Initializer::HeNormal, (1.0f32 / 12.0).sqrt()),
            (Initializer::LecunNormal, (1.0f32 / 24.0).sqrt()),
        ] {
            let Start::TruncatedNormal { deviation } = start(initializer) else {
                panic!("{initializer:?}: normal");
            };
            let expected = expected / 0.879_625_7;
            assert!(near(deviation, expected), "{initializer:?}: {deviation}");
        }
        assert_eq!(start(Initializer::Zeros), Start::Zeros);
    }
}
