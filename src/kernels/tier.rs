//! The vector instructions that the kernels use, detected once at run time.

use std::sync::OnceLock;

/// Sets of vector instructions, from slowest to fastest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// What the compiler makes of plain loops for the target's baseline.
    Portable,
    #[cfg(target_arch = "aarch64")]
    Neon,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// In the order of the tiers.
pub(super) const NAMES: &[(&str, Tier)] = &[
    ("portable", Tier::Portable),
    #[cfg(target_arch = "aarch64")]
    ("neon", Tier::Neon),
    #[cfg(target_arch = "x86_64")]
    ("avx2", Tier::Avx2),
    #[cfg(target_arch = "x86_64")]
    ("avx512", Tier::Avx512),
];

/// The best tier of this machine, or the one that `CONVSCOPE_SIMD` names if that is a lesser one; other names are ignored.
pub(super) fn tier() -> Tier {
    static TIER: OnceLock<Tier> = OnceLock::new();
    *TIER.get_or_init(|| {
        let best = best();
        let asked = std::env::var("CONVSCOPE_SIMD").ok();
        NAMES
            .iter()
            .find(|(name, _)| Some(*name) == asked.as_deref())
            .map_or(best, |(_, tier)| best.min(*tier))
    })
}

/// The name of the tier in use, as `CONVSCOPE_SIMD` spells it: `avx512`, `avx2`, `neon` or `portable`.
pub fn tier_name() -> &'static str {
    NAMES[tier() as usize].0
}

#[cfg(target_arch = "x86_64")]
fn best() -> Tier {
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl");
    match (avx2, avx512) {
        (true, true) => Tier::Avx512,
        (true, false) => Tier::Avx2,
        _ => Tier::Portable,
    }
}

#[cfg(target_arch = "aarch64")]
fn best() -> Tier {
    // Every processor of this architecture has it.
    Tier::Neon
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn best() -> Tier {
    Tier::Portable
}

/// Compiles a function once for each tier and calls the one for [`tier`]: a function of plain loops, which the compiler vectorises,
/// or a generic one of [`super::lanes::Lanes`], `fn name<V>(…)`.
///
/// Closures are separate functions without the tier's instructions: keep hot code in loops and `#[inline(always)]` functions.
macro_rules! in_every_tier {
    ($(#[$meta:meta])* $visibility:vis fn $name:ident<$lanes:ident>($($argument:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$meta])*
        $visibility fn $name($($argument: $type),*) {
            #[inline(always)]
            fn generic<$lanes: $crate::kernels::lanes::Lanes>($($argument: $type),*) $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($argument: $type),*) {
                    generic::<$crate::kernels::lanes_x86::Avx2>($($argument),*)
                }
                #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
                fn avx512($($argument: $type),*) {
                    generic::<$crate::kernels::lanes_x86::Avx512>($($argument),*)
                }
                match $crate::kernels::tier::tier() {
                    // SAFETY: `tier` found these features on this machine.
                    $crate::kernels::tier::Tier::Avx512 => return unsafe { avx512($($argument),*) },
                    // SAFETY: as above.
                    $crate::kernels::tier::Tier::Avx2 => return unsafe { avx2($($argument),*) },
                    $crate::kernels::tier::Tier::Portable => {}
                }
            }
            generic::<$crate::kernels::lanes::Portable>($($argument),*)
        }
    };
    ($(#[$meta:meta])* $visibility:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$meta])*
        $visibility fn $name($($argument: $type),*) {
            #[inline(always)]
            fn portable($($argument: $type),*) $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($argument: $type),*) {
                    portable($($argument),*)
                }
                #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
                fn avx512($($argument: $type),*) {
                    portable($($argument),*)
                }
                match $crate::kernels::tier::tier() {
                    // SAFETY: `tier` found these features on this machine.
                    $crate::kernels::tier::Tier::Avx512 => return unsafe { avx512($($argument),*) },
                    // SAFETY: as above.
                    $crate::kernels::tier::Tier::Avx2 => return unsafe { avx2($($argument),*) },
                    $crate::kernels::tier::Tier::Portable => {}
                }
            }
            portable($($argument),*)
        }
    };
}

pub(super) use in_every_tier;
