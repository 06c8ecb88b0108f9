//! Files with a few wrong bytes.

/// Numbers that look random, and are the same each time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// In how many of so many rounds `load` opens what it has damaged; each refusal must begin with `place`.
pub fn opened(
    rounds: usize,
    place: &str,
    mut load: impl FnMut(usize, &mut Random) -> Result<(), String>,
) -> usize {
    let mut random = Random::new(1);
    let opened = (0..rounds).filter(|&round| match load(round, &mut random) {
        Ok(()) => true,
        Err(sentence) => {
            assert!(sentence.starts_with(place), "{sentence}");
            false
        }
    });
    opened.count()
}
