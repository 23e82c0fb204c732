//! iamscope
fn main() {}
