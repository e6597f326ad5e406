# Activates the guests of the test cluster.
$avmaKeys = @{
    'Windows Server 2025 Standard'   = 'WWVGQ-PNHV9-B89P4-8GGM9-9HPQ4'
    'Windows Server 2022 Datacenter' = 'WX4NM-KYWYW-QJJR4-XV3QB-6VM33'
    'Windows Server 2022 Standard'   = 'YDFWN-MJ9JR-3DYRK-FXXRW-78VHK'
    'Windows Server 2019 Standard'   = 'C3RCX-M6NRP-6CXC9-TW2F2-4RHYD'
}
$caption = (Get-CimInstance Win32_OperatingSystem).Caption -replace '^Microsoft '
& cscript.exe //nologo $env:windir\System32\slmgr.vbs /ipk $avmaKeys[$caption]
