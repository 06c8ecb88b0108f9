//! The arithmetic behind one value of a layer.

use super::{ActivationsPane, Look};
use crate::analysis::{self, Origin, Place};
use crate::lab::Lab;
use crate::worker::{Network, NetworkDesk, Question, Tell};

/// Asks for the arithmetic of this value.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginOf {
    pub look: Look,
    pub place: Place,
}

impl ActivationsPane {
    /// Asks about the value under the cursor.
    pub(super) fn ask_origin(&mut self, look: &Look, lab: &mut Lab) {
        let Some(shape) = self.shape() else { return };
        let (row, column) = self.place;
        let question = OriginOf {
            look: look.clone(),
            place: Place {
                row: row.min(shape.height.saturating_sub(1)),
                column: column.min(shape.width.saturating_sub(1)),
                channel: self.map,
            },
        };
        self.origin.want(Some(question), &mut lab.out);
    }
}

impl Question for OriginOf {
    /// The arithmetic, or why no single sum gives the value.
    type Answer = Result<Origin, String>;
    type Lane = Network;
    const PURPOSE: &'static str = "trace the value";

    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let Look { weights, layer, .. } = &self.look;
        let seen = self.look.subject.see(&desk.library, &weights.network)?;
        let (mut model, _) = desk.model_at(weights, layer + 1)?;
        let origin = || analysis::origin(&mut model, &seen.image, *layer, self.place);
        let origin = desk.pool.install(origin);
        tell.tell(origin.map_err(|error| error.to_string()));
        Ok(())
    }
}
