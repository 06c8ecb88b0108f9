//! Signatures only, until the engine is merged.
#[derive(Clone, Copy)]
pub struct AdadeltaSettings {
    pub learning_rate: f32,
    pub rho: f32,
    pub epsilon: f32,
}
pub fn adadelta(_: &mut [f32], _: &[f32], _: &mut [f32], _: &mut [f32], _: AdadeltaSettings) {
    unimplemented!()
}
