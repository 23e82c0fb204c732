//! The picture of the README: the real interface on the demo account.

use super::driver::Driver;
use super::svg;

/// The picture, as SVG.
pub fn screenshot() -> String {
    let mut driver = Driver::demo(120, 36);
    driver.keys("3").walk("j", "ci-deploy").keys("enter l");
    svg::draw(
        driver.buffer(),
        "iamscope: who may assume a role, and under what conditions",
    )
}
