//! What the form says, as a sweep's file writes it.

use super::Vary;

impl Vary {
    /// The lines under `sweep:`.
    pub(super) fn lines(&self) -> Result<String, String> {
        let list = |text: &str| match text.starts_with(['[', '{']) {
            true => text.to_owned(),
            false => format!("[{text}]"),
        };
        let mut lines = String::new();
        for [path, values] in &self.factors {
            let (path, values) = (path.text().trim(), values.text().trim());
            if path.is_empty() {
                continue;
            }
            if lines.is_empty() {
                lines += "  vary:\n";
            }
            if values.is_empty() {
                return Err(format!("{path}: expected values, such as 1, 2, 3"));
            }
            lines += &format!("    {path}: {}\n", list(values));
        }
        let seeds = self.seeds.text().trim();
        if !seeds.is_empty() {
            let seeds = match seeds.contains("..") {
                true => seeds.to_owned(),
                false => list(seeds),
            };
            lines += &format!("  seeds: {seeds}\n");
        }
        match self.sampler.text().trim().split_once(' ') {
            None if self.sampler.text().trim() == "grid" => {}
            Some(("random", draws)) if draws.trim().parse::<usize>().is_ok() => {
                lines += &format!(
                    "  sampler: {{random: {{draws: {}, seed: 1}}}}\n",
                    draws.trim()
                );
            }
            _ => {
                let got = self.sampler.text();
                return Err(format!(
                    "sampler: expected grid, or random and a number of combinations, got `{got}`"
                ));
            }
        }
        match lines.is_empty() {
            true => Err("nothing is varied: choose a setting, or several seeds".to_owned()),
            false => Ok(lines),
        }
    }
}
