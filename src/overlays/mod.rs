//! Overlays that several panes open: lists, forms of settings, questions, names.

mod confirm;
mod form;
mod list;
mod name;
mod reset;
mod rows;

pub use confirm::{Confirm, draw_question};
pub use form::{Draft, Form, FormRow, field_line, form_lines};
pub use list::{Arrangement, Entry, List};
pub use name::NameForm;
pub use reset::ask_reset;
