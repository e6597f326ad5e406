//! SKU numbers, by the rows of [`Product`].

use super::edition_id::{long_term, semi_annual};
use super::reading::Reading;
use crate::catalog::products::SkuForm::{
    Core, Evaluation, EvaluationCore, LongTerm, LongTermCore, Of, OldCore, SemiAnnual,
    WithoutHyperV, WithoutHyperVCore,
};
use crate::catalog::products::{Product, Products, SkuForm};

/// A number of the table.
#[derive(Clone, Copy)]
struct Row {
    number: u32,
    /// The constant without its `PRODUCT_`.
    constant: &'static str,
    form: SkuForm,
    /// The product; of a number that several rows hold, any of them.
    products: Products,
}

const LENGTH: usize = {
    let (mut length, mut place) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < Product::ALL.len() {
        length += Product::ALL[place].skus().len();
        place += 1;
    }
    length
};

/// Every number of every product, in the order of the numbers; one that stands in two rows of products
/// stands here twice, with both products.
static SKUS: [Row; LENGTH] = sorted();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time; a place out of bounds does not build"
)]
const fn sorted() -> [Row; LENGTH] {
    const NONE: Row = Row {
        number: 0,
        constant: "",
        form: Of,
        products: Products::unknown(),
    };
    let mut rows = [NONE; LENGTH];
    let (mut length, mut product) = (0, 0);
    while product < Product::ALL.len() {
        let skus = Product::ALL[product].skus();
        let mut place = 0;
        while place < skus.len() {
            let (number, constant, form) = skus[place];
            let mut row = Row {
                number,
                constant,
                form,
                products: Products::of(&[Product::ALL[product]]),
            };
            // Insertion, from the end.
            let mut at = length;
            while at > 0 && rows[at - 1].number >= number {
                if rows[at - 1].number == number {
                    row.products = row.products.union(rows[at - 1].products);
                    rows[at - 1].products = row.products;
                }
                rows[at] = rows[at - 1];
                at -= 1;
            }
            rows[at] = row;
            length += 1;
            place += 1;
        }
        product += 1;
    }
    rows
}

/// `PRODUCT_UNLICENSED`: the copy is not licensed, which says nothing of its edition.
const UNLICENSED: u32 = 0xABCD_ABCD;

/// What a SKU number says: 0 ("undefined") and 0xABCDABCD ("unlicensed") say nothing of the edition, a
/// number that is in no list stays an unlisted product.
pub(super) fn read(number: u32) -> Reading {
    const CORE_NUMBERS: &str = "the systems of today report 7 or 8 for a core installation too; 12 and 13 come from older \
         systems or from tools";
    const WITHOUT_HYPER_V: &str =
        "a number of old copies without Hyper-V, which no system of today is known to report";
    match number {
        0 => return Reading::NOTHING,
        UNLICENSED => {
            return Reading::NOTHING.noted(
                "0xABCDABCD is PRODUCT_UNLICENSED: the copy is not licensed, the number does not tell its edition",
            );
        }
        _ => {}
    }
    let found = SKUS
        .binary_search_by_key(&number, |row| row.number)
        .ok()
        .and_then(|place| SKUS.get(place));
    let Some(Row { form, products, .. }) = found else {
        return Reading::unlisted();
    };
    let reading = Reading::of_any(*products);
    let datacenter_or_standard =
        products.is_subset(Products::of(&[Product::Datacenter, Product::Standard]));
    match form {
        // The Semi-Annual Channel has no Essentials and reports other SKUs, so these are not 1809.
        Of if products.is(Product::Essentials) => reading.in_releases(long_term()),
        Evaluation if datacenter_or_standard => reading.evaluation().in_releases(long_term()),
        EvaluationCore if datacenter_or_standard => {
            reading.evaluation().core().in_releases(long_term())
        }
        Of => reading,
        Core => reading.core(),
        Evaluation => reading.evaluation(),
        EvaluationCore => reading.evaluation().core(),
        LongTerm => reading.in_releases(long_term()),
        LongTermCore => reading.core().in_releases(long_term()),
        SemiAnnual => reading.core().in_releases(semi_annual(*products)),
        OldCore => reading.core().noted(CORE_NUMBERS),
        WithoutHyperV => reading.noted(WITHOUT_HYPER_V),
        WithoutHyperVCore => reading.core().noted(WITHOUT_HYPER_V),
    }
}

/// A SKU number from its text: decimal, hexadecimal with `0x`, or the constant's name. `None` for
/// anything else: `-1`, `8.0`, an unknown constant.
///
/// ```
/// use avma::identity::sku_from_text;
///
/// assert_eq!(sku_from_text("80"), Some(80));
/// assert_eq!(sku_from_text("0x50"), Some(80)); // and not 50
/// assert_eq!(sku_from_text("PRODUCT_DATACENTER_SERVER"), Some(8));
/// assert_eq!(sku_from_text("-1"), None);
/// ```
pub fn sku_from_text(text: &str) -> Option<u32> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return digits
            .bytes()
            .all(|digit| digit.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(digits, 16).ok())?;
    }
    if text.bytes().all(|digit| digit.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (head, name) = text.split_at_checked("PRODUCT_".len())?;
    if !head.eq_ignore_ascii_case("PRODUCT_") {
        return None;
    }
    if name.eq_ignore_ascii_case("UNLICENSED") {
        return Some(UNLICENSED);
    }
    SKUS.iter()
        .find(|row| row.constant.eq_ignore_ascii_case(name))
        .map(|row| row.number)
}
