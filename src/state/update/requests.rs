//! Which pictures the screen needs, and the requests for those that have not been asked for.

use super::super::activations::MapQuery;
use super::super::lab::Lab;
use super::super::pane_id::PaneId;
use super::super::view::PageQuery;
use crate::worker::{Command, FeatureMapRequest, ImageRequest};

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
    if let Some(query) = map_query(lab) {
        let asked = lab.activations.asked.as_ref();
        if asked.is_none_or(|(_, asked)| *asked != query) {
            let request = lab.next_request();
            commands.push(Command::FeatureMaps(FeatureMapRequest {
                request,
                network: query.network.clone(),
                seed: query.seed,
                keep_weights: query.weights.is_some(),
                dataset: query.dataset.clone(),
                split: query.split,
                image: query.image,
                layer: query.layer,
            }));
            lab.activations.asked = Some((request, query));
        }
    }
}

/// Images are asked for as soon as a set is there, so that they are there when the pane is shown.
fn page_query(lab: &Lab) -> Option<PageQuery> {
    let count = lab.fits.images.0 * lab.fits.images.1;
    let set = lab.chosen_set().filter(|_| count > 0)?;
    Some(PageQuery {
        dataset: set.name.clone(),
        split: lab.view.split,
        class: lab.view.class,
        order: lab.view.order,
        count,
    })
}

/// Activations cost a pass through the network, so they are asked for only while they are looked at.
fn map_query(lab: &Lab) -> Option<MapQuery> {
    if lab.pane != PaneId::Activations || lab.misfit().is_some() {
        return None;
    }
    let set = lab.chosen_set()?;
    let layer = lab.activations.layer;
    Some(MapQuery {
        layer_name: lab.summary.layers.get(layer)?.name.clone(),
        network: lab.preset.network(),
        seed: lab.preset.seed,
        dataset: set.name.clone(),
        split: lab.activations.split,
        image: lab.activations.image,
        layer,
        weights: lab.weights_version(),
    })
}
