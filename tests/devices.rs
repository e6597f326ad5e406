//! The devices on a VM's bus that are said to be AVMA's.

use avma::catalog::devices::{DEVICES, by_hardware_id, device};
use avma::{Evidence, VmId};

/// Id, the name, whether it says AVMA, evidence and date of its source.
const TABLE: &str = "
3375baf4-9e15-4b30-b765-67acb10d607b | provided for AVMA | avma | published | 2023-12-26
3375baf4-9e15-4b30-b765-67acb10d607b | HV_AVMA2_GUID | avma | reported | undated
3375baf4-9e15-4b30-b765-67acb10d607b | Microsoft Hyper-V Activation Component | avma | reported | undated
4487b255-b88c-403f-bb51-d1f69cf17f87 | provided for AVMA | avma | published | 2023-12-26
f8e65716-3cb3-4a06-9a60-1889c5cccab5 | provided for AVMA | avma | published | 2023-12-26
f8e65716-3cb3-4a06-9a60-1889c5cccab5 | HV_AVMA1_GUID | avma | reported | undated
f8e65716-3cb3-4a06-9a60-1889c5cccab5 | Microsoft Hyper-V Remote Desktop Control Channel | other | reported | undated
99221fa0-24ad-11e2-be98-001aa01bbf6e | provided for AVMA | avma | published | 2023-12-26
99221fa0-24ad-11e2-be98-001aa01bbf6e | the instance of the Remote Desktop control channel | other | reported | undated
";

fn id(text: &str) -> VmId {
    text.parse().unwrap()
}

#[test]
fn the_devices_that_are_provided_for_avma() {
    let mut rows = Vec::new();
    for device in DEVICES {
        for name in device.names {
            let of = if name.is_avma { "avma" } else { "other" };
            let source = name.source;
            rows.push(format!(
                "{} | {} | {of} | {} | {}",
                device.id,
                name.name,
                source.evidence.as_str(),
                source.dated
            ));
        }
    }
    let pinned: Vec<&str> = TABLE.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(rows, pinned);
}

#[test]
fn the_dispute_is_told_with_both_sources() {
    let disputed: Vec<String> = DEVICES
        .iter()
        .filter(|device| device.is_disputed())
        .map(|device| device.id.to_string())
        .collect();
    assert_eq!(
        disputed,
        [
            "f8e65716-3cb3-4a06-9a60-1889c5cccab5",
            "99221fa0-24ad-11e2-be98-001aa01bbf6e"
        ]
    );
    let disputed = device(id("f8e65716-3cb3-4a06-9a60-1889c5cccab5")).unwrap();
    let sources: Vec<_> = disputed
        .names
        .iter()
        .map(|name| (name.is_avma, name.source.evidence, name.source.title))
        .collect();
    assert!(sources[0].0 && sources[0].1 == Evidence::Published);
    assert!(sources[0].2.contains("KB2925727"));
    assert!(!sources[2].0 && sources[2].2.contains("wvmic.inf"));
}

#[test]
fn a_device_is_found_by_its_id_alone() {
    for known in DEVICES {
        assert_eq!(device(known.id), Some(known));
        let upper = known.id.to_string().to_uppercase();
        for bus in ["VMBUS", "vmbus", "VMBus"] {
            let text = format!("{bus}\\{{{upper}}}");
            assert_eq!(by_hardware_id(&text), Some(known), "{text}");
        }
    }
    // Data Exchange, and the class of the activation device in a VM's configuration.
    for other in [
        "a9a0f4e7-5a45-4d96-b827-8a841e8c03e6",
        "bc12c717-8898-4688-8ee4-2cd14894f8ea",
    ] {
        assert_eq!(device(id(other)), None);
        assert_eq!(by_hardware_id(&format!("VMBUS\\{{{other}}}")), None);
    }
    for text in [
        "",
        "VMBUS",
        "VMBUS\\",
        "3375baf4-9e15-4b30-b765-67acb10d607b",
        "PCI\\X\\{3375baf4-9e15-4b30-b765-67acb10d607b}",
        "é\u{1F980}é{3375baf4-9e15-4b30-b765-67acb10d607b}",
    ] {
        assert_eq!(by_hardware_id(text), None, "{text}");
    }
}
