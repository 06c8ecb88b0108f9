//! x
pub fn to_tex(_: &super::Chart) -> String {
    String::new()
}
