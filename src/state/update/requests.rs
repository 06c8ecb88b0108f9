//! Which pictures the screen needs, and the requests for those that have not been asked for.

use super::super::lab::Lab;
use super::super::view::PageQuery;
use crate::worker::{Command, ImageRequest};

/// Asks for what the facts call for and no request under way or answered brings.
pub(super) fn ask_for_pictures(lab: &mut Lab, commands: &mut Vec<Command>) {
    if let Some(query) = page_query(lab) {
        let asked = lab.view.asked.as_ref();
        if !asked.is_some_and(|(_, asked)| query.is_covered_by(asked)) {
            let request = lab.next_request();
            commands.push(Command::Images(ImageRequest {
                request,
                dataset: query.dataset.clone(),
                split: query.split,
                class: query.class,
                count: query.count,
                order: query.order,
            }));
            lab.view.asked = Some((request, query));
        }
    }
}

/// Images are asked for as soon as a set is there, so that they are there when the pane is shown.
fn page_query(lab: &Lab) -> Option<PageQuery> {
    let count = match lab.fits.page {
        (0, _) | (_, 0) => 0,
        _ => lab.view.room(lab.fits),
    };
    let set = lab.chosen_set().filter(|_| count > 0)?;
    Some(PageQuery {
        dataset: set.name.clone(),
        split: lab.view.split,
        class: lab.view.class,
        order: lab.view.order,
        count,
    })
}
