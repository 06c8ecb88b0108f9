//! The actions of the drawing pad.

use crossterm::event::KeyCode;

use super::{Pad, Tools, blocked};
use crate::lab::{Action, Lab};
use crate::panes::results::ResultsPane;
use crate::ui::Key;

/// The key that opens the pad, on the Results pane and from the palette.
pub fn open_action(lab: &Lab) -> Action<ResultsPane> {
    action(
        "pad.open",
        'd',
        (
            "draw",
            "open the drawing pad: draw an image and see the prediction after every stroke",
        ),
        Pad::open,
    )
    .blocked_by(blocked(lab))
}

/// An action on the pad.
fn action(
    id: &'static str,
    key: impl Into<Key>,
    (name, help): (&str, &str),
    does: impl Fn(&mut Pad, &mut Lab) + 'static,
) -> Action<ResultsPane> {
    let does = move |pane: &mut ResultsPane, lab: &mut Lab| does(&mut pane.pad, lab);
    Action::new(id, key, name, help, does)
}

/// All actions of the pad.
pub fn actions(pad: &Pad) -> Vec<Action<ResultsPane>> {
    let pen = match pad.is_pen_down() {
        true => "pen up",
        false => "pen down",
    };
    let is_read = pad.shown().is_some();
    let nothing = "nothing is drawn yet";
    let mut actions = vec![
        Action::cursor(
            "pad.go",
            "←↓↑→",
            "move",
            "move the pen; it draws while it is down",
            |pane: &mut ResultsPane, _: &mut Lab, motion| pane.pad.go(motion),
        ),
        action(
            "pad.pen",
            ' ',
            (pen, "lower or lift the pen; undo removes a whole stroke"),
            |pad, _| pad.pen_up_or_down(),
        )
        .first(),
        action("pad.undo", 'u', ("undo", "undo the last stroke"), Pad::undo).first(),
        action(
            "pad.clear",
            'x',
            ("clear", "erase the whole drawing"),
            |pad, _| pad.clear(),
        ),
        action(
            "pad.centre",
            'c',
            (
                "centre",
                "scale and centre drawings like MNIST digits before the network sees them, or leave them unchanged",
            ),
            Pad::toggle_centre,
        ),
    ];
    let invert = action(
        "pad.invert",
        'i',
        (
            "invert",
            "swap dark and bright, for dark ink on bright paper",
        ),
        |pad, _| pad.invert(),
    );
    actions.push(match pad.has_dark_ink() {
        true => invert,
        false => invert.quiet(),
    });
    if pad.tools.color().is_some() {
        actions.push(action(
            "pad.color",
            'p',
            ("colour", "switch to the next ink colour"),
            |pad, _| pad.change_tool(|tools| tools.next_color()),
        ));
    }
    actions.extend(tool_actions());
    actions.extend([
        action(
            "pad.load",
            'o',
            (
                "load",
                "load the image under the cursor of the View pane; press again to load the next one",
            ),
            Pad::load_image,
        ),
        action(
            "pad.activations",
            'a',
            (
                "activations",
                "pin the drawing as the network sees it, and show its feature maps",
            ),
            Pad::look_inside,
        )
        .blocked_unless(is_read, nothing)
        .first(),
        action(
            "pad.keep",
            't',
            (
                "keep",
                "add the drawing with its class to your own small test set",
            ),
            |pad, lab| pad.ask_class(lab),
        )
        .blocked_unless(is_read, nothing)
        .first(),
        action(
            "pad.kept",
            'v',
            (
                "your drawings",
                "show your kept drawings and their predictions instead of the nearest training images",
            ),
            |pad, _| pad.shows_kept = !pad.shows_kept,
        )
        .first(),
        action(
            "pad.write",
            'w',
            (
                "write PNG",
                "save the drawing as drawing-1.png, or with the next free number, in the current folder",
            ),
            Pad::write,
        )
        .blocked_unless(!pad.canvas.is_blank(), nothing),
        action(
            "pad.redo",
            Key::ctrl('r'),
            ("redo", "redo the last undone change"),
            Pad::redo,
        )
        .quiet(),
        action(
            "pad.back",
            KeyCode::Esc,
            ("back", "close the pad; the drawing is kept"),
            |pad, _| pad.close(),
        ),
    ]);
    actions
}

/// Actions on brush and ink, and those that draw with them.
fn tool_actions() -> [Action<ResultsPane>; 7] {
    type Step = fn(&mut Tools, bool) -> Result<(), &'static str>;
    let step = |step: Step, up| {
        move |pad: &mut Pad, lab: &mut Lab| {
            if let Err(end) = pad.change_tool(|tools| step(tools, up)) {
                lab.refuse(end);
            }
        }
    };
    let size = |larger| step(Tools::step_size, larger);
    let level = |more| step(Tools::step_level, more);
    let erase = |pad: &mut Pad, _: &mut Lab| {
        pad.change_tool(|tools| tools.is_erasing = !tools.is_erasing);
    };
    [
        action(
            "pad.larger",
            '+',
            ("larger brush", "use a larger brush"),
            size(true),
        )
        .or('=')
        .quiet(),
        action(
            "pad.smaller",
            '-',
            ("smaller brush", "use a smaller brush"),
            size(false),
        )
        .quiet(),
        action(
            "pad.more_ink",
            '>',
            ("more ink", "use stronger ink"),
            level(true),
        )
        .or('.')
        .quiet(),
        action(
            "pad.less_ink",
            '<',
            ("less ink", "use fainter ink"),
            level(false),
        )
        .or(',')
        .quiet(),
        action(
            "pad.eraser",
            'e',
            ("eraser", "switch between eraser and ink"),
            erase,
        ),
        action(
            "pad.line",
            's',
            ("line", "start a straight line here; press again to end it"),
            |pad, _| pad.line(),
        ),
        action(
            "pad.fill",
            'f',
            ("fill", "fill the connected area under the pen"),
            |pad, _| pad.fill(),
        ),
    ]
}
