use std::collections::BTreeSet;

use avma::fleet::audit::{RULES, Totals, Verdict, rule};
use avma::{Evidence, assess};

#[test]
fn verdicts_are_pinned() {
    let all: Vec<&str> = Verdict::ALL
        .iter()
        .map(|verdict| verdict.as_str())
        .collect();
    assert_eq!(
        all.join(" "),
        "out-of-scope activated-avma activated-other no-data not-eligible fix-host fix-guest \
         not-documented pending ready"
    );
    for verdict in Verdict::ALL {
        assert_eq!(verdict.as_str().parse(), Ok(*verdict));
    }
    assert!("fine".parse::<Verdict>().is_err());
}

#[test]
fn rules_are_pinned() {
    let all: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(
        all.join(" "),
        "claim-with-another-key claim-implausible claim-forbidden replica-copy key-none key-gvlk \
         key-other-avma key-other-generic key-unlisted guest-reports data-exchange-silent \
         presumed clues-in-conflict license-contradicts-system host-record guest-event claim-forbidden-host \
         claim-undocumented-host vm-id-twice report-unreadable report-of-another-vm \
         report-impossible report-stale guest-report possible-owner-loses-avma \
         possible-owner-undocumented possible-owner-unknown node-not-activated node-no-avma-host \
         node-undetermined node-not-for-every-vm node-unknown host-avma-key host-avma-guest"
    );
    let open: Vec<&str> = RULES
        .iter()
        .filter(|rule| !rule.certain)
        .map(|rule| rule.id)
        .collect();
    assert_eq!(
        open.join(" "),
        "presumed possible-owner-loses-avma possible-owner-undocumented possible-owner-unknown \
         node-undetermined node-not-for-every-vm node-unknown"
    );
}

#[test]
fn a_rule_has_an_id_of_its_own_and_says_what_to_do() {
    let mut ids = BTreeSet::new();
    for own in RULES {
        assert!(ids.insert(own.id), "{}", own.id);
        assert!(assess::rule(own.id).is_none(), "{}", own.id);
        assert!(std::ptr::eq(rule(own.id).unwrap(), *own));
        assert!(!own.text.is_empty() && !own.remedy.is_empty());
        assert!(!own.text.ends_with('.') && !own.remedy.ends_with('.'));
        assert!(matches!(
            own.source.evidence,
            Evidence::Published | Evidence::Inferred
        ));
    }
    assert!(rule("").is_none());
}

#[test]
fn totals_count_each_vm_once() {
    let verdicts = Verdict::ALL
        .iter()
        .flat_map(|one| vec![*one; *one as usize + 1]);
    let totals: Totals = verdicts.collect();
    for verdict in Verdict::ALL {
        assert_eq!(totals.of(*verdict), *verdict as usize + 1);
    }
    assert_eq!(totals.vms(), 55);
}
