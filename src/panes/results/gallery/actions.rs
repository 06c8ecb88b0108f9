//! The actions of the galleries.

use crossterm::event::KeyCode;

use crate::analysis::Gallery;
use crate::data::Mark;
use crate::lab::{Action, Lab, Worth};
use crate::panes::results::{ResultsPane, actions};

/// The keys that open galleries over all classes, worth more on the matrix than in another gallery.
pub fn open_actions(pane: &ResultsPane, lab: &Lab) -> Vec<Action<ResultsPane>> {
    let worth = match pane.gallery.open {
        None => Worth::First,
        Some(_) => Worth::Spare,
    };
    let blocked = pane.judging_blocked(lab);
    let action = |id, key: char, name, help: &str, gallery| {
        let does = move |pane: &mut ResultsPane, _: &mut Lab| pane.gallery.open(gallery);
        let action = Action::new(id, key, name, help, does).worth(worth);
        action.blocked_by(blocked.clone())
    };
    let images = pane.portion(lab).word();
    let unsure = format!("show the {images} images with the least certain predictions");
    vec![
        action(
            "gallery.errors",
            'e',
            "errors",
            "show the wrong predictions of all classes, most confident first",
            Gallery::ConfidentErrors,
        ),
        action(
            "gallery.unsure",
            'u',
            "unsure",
            &unsure,
            Gallery::SmallestMargin,
        ),
        action(
            "gallery.suspects",
            's',
            "suspects",
            "show training images with suspect labels, highest cross-entropy first, to exclude or relabel them",
            Gallery::HighestLoss,
        ),
    ]
}

/// Actions while a gallery is open.
pub fn gallery_actions(pane: &ResultsPane, lab: &Lab) -> Vec<Action<ResultsPane>> {
    let none = pane.gallery.current().is_none();
    let none = none.then(|| "no image under the cursor".to_owned());
    let page = pane.gallery.page.as_ref();
    let dataset = page.map(|page| &page.results.set.dataset);
    let has_set = lab.chosen_set().is_some();
    let unloaded = dataset.filter(|dataset| has_set && lab.set(dataset).is_none());
    let elsewhere =
        unloaded.map(|dataset| format!("{dataset} is not loaded: open it on the Data pane"));
    let enlarge = Action::new(
        "gallery.enlarge",
        KeyCode::Enter,
        "enlarge",
        "enlarge the image under the cursor, with all its probabilities",
        |pane: &mut ResultsPane, _: &mut Lab| {
            pane.gallery.is_enlarged = pane.gallery.current().is_some();
        },
    );
    let enlarge = enlarge.blocked_by(none.clone()).first();
    let moves = actions::moves("move from image to image; PgUp and PgDn turn the page");
    let mut here = vec![moves.blocked_by(none.clone())];
    here.extend((!pane.gallery.is_enlarged).then_some(enlarge));
    let is_of_training = pane.gallery.is_of_training();
    if is_of_training {
        here.extend(mark_actions(pane, lab));
    }
    here.extend([
        Action::new(
            "gallery.activations",
            'a',
            "activations",
            "show the feature maps of every layer for the image under the cursor",
            ResultsPane::show_activations,
        )
        .or('6')
        .blocked_by(none.clone().or_else(|| elsewhere.clone())),
        Action::new(
            "gallery.pin",
            'p',
            if pane.is_pinned(lab) { "unpin" } else { "pin" },
            "pin the image under the cursor on the Activations pane, or unpin it",
            ResultsPane::pin,
        )
        .blocked_by(none.or(elsewhere)),
    ]);
    if !is_of_training {
        here.push(actions::portion_action(pane, lab));
    }
    here.push(Action::new(
        "gallery.back",
        KeyCode::Esc,
        "back",
        "return to the images, then to the matrix",
        |pane: &mut ResultsPane, _: &mut Lab| pane.gallery.back(),
    ));
    here.extend(open_actions(pane, lab));
    here
}

/// The keys that mark the image under the cursor.
fn mark_actions(pane: &ResultsPane, lab: &Lab) -> [Action<ResultsPane>; 2] {
    let suspect = pane.suspect();
    let blocked = match &suspect {
        None => Some("no image under the cursor".to_owned()),
        Some((dataset, _)) => {
            let is_unloaded = lab.set(dataset).is_none();
            is_unloaded.then(|| format!("{dataset} is not loaded: open it on the Data pane"))
        }
    };
    let mark = suspect.and_then(|(dataset, image)| lab.corrections.mark(&dataset, image));
    let (out, class) = match mark {
        Some(Mark::LeftOut) => ("include", "relabel"),
        Some(Mark::Becomes(_)) => ("exclude", "restore"),
        None => ("exclude", "relabel"),
    };
    [
        Action::new(
            "gallery.leave_out",
            'x',
            out,
            "exclude the image under the cursor from the next runs; press again to include it",
            ResultsPane::leave_out,
        )
        .blocked_by(blocked.clone())
        .first(),
        Action::new(
            "gallery.relabel",
            'r',
            class,
            "relabel the image under the cursor for the next runs; press again to restore its label",
            ResultsPane::relabel,
        )
        .blocked_by(blocked)
        .first(),
    ]
}
