//! DISM for offline images, and the line ends of all scripts.

use crate::*;

/// An offline image takes no key with `/Set-Edition`, and nothing is restarted.
///
/// Source: "DISM Windows Edition-Servicing Command-Line Options".
#[test]
fn dism_of_an_offline_image() {
    let plan = evaluation();
    same(
        &plan
            .dism()
            .image(r"D:\my images\ws2022\")
            .unwrap()
            .only(Phase::Conversion),
        r#"rem carry out the steps

rem == in the guest, only if DISM lists the target edition ==
rem 5. the guest administrator: convert the evaluation to ServerStandard with the KMS client key VDYBN-27WPP-V4HQT-9VMD4-VMK7H; no AVMA key yet
rem    note: without /NoRestart DISM asks whether to restart, and a script waits there [issue #7679 of Microsoft's windowsserverdocs on the restart after /Set-Edition, 2024-01-16 (reported by third parties)]
DISM /Image:"D:\my images\ws2022\\" /Set-Edition:ServerStandard
if %errorlevel% neq 0 if %errorlevel% neq 3010 exit /b %errorlevel%
DISM /Image:"D:\my images\ws2022\\" /Set-ProductKey:VDYBN-27WPP-V4HQT-9VMD4-VMK7H
if %errorlevel% neq 0 if %errorlevel% neq 3010 exit /b %errorlevel%
rem 6. the guest administrator: restart the guest, which ends the conversion
"#,
    );
    let asked = plan.dism().image("E:").unwrap().only(Phase::Guest);
    assert!(
        asked
            .to_string()
            .contains("DISM /Image:E: /Get-TargetEditions\r\n")
    );
    for (path, error) in [
        ("", "the path of the image is empty"),
        (
            r"D:\%TEMP%",
            "byte 3 of the image's path: '%' cannot stand in a path of a batch",
        ),
        (
            "D:\\\u{e4}\"&del",
            "byte 5 of the image's path: '\"' cannot stand in a path of a batch",
        ),
        (
            "D:\r\ndel",
            "byte 2 of the image's path: '\\r' cannot stand in a path of a batch",
        ),
    ] {
        assert_eq!(plan.dism().image(path).unwrap_err().to_string(), error);
    }
}

/// Every line of every script ends in CR and LF, and no other line end is in it.
#[test]
fn lines_end_as_cmd_asks_for() {
    for plan in [evaluation(), azure()] {
        for text in [
            plan.slmgr().to_string(),
            plan.powershell().to_string(),
            plan.dism().to_string(),
        ] {
            assert!(text.ends_with("\r\n"));
            assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
            assert_eq!(text.matches('\r').count(), text.matches("\r\n").count());
        }
    }
}
