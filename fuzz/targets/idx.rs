#![no_main]

use convscope_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| read("idx", bytes));
