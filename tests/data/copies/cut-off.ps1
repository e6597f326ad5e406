# A table of the crate avma, by its example export_tables.
# table: keys
# version: 0.1.0
# dated: 2024-11
# sha256: d528e0d0377cd2fc21065aa8ab86097df9d659816f5c7075bf81f1c0476b954f
# dated is the newest date among the sources of the rows. sha256 is that of the column
# names as one line, then a line for each row: TAB between the fields, LF at the end of
# each line, UTF-8. export_tables --check FILE makes it again from the rows below.
# $avma = & ./avma-keys.ps1; $avma.rows | Where-Object { $_.release -eq '...' }
[ordered]@{
    table = 'keys'
    version = '0.1.0'
    dated = '2024-11'
    sha256 = 'd528e0d0377cd2fc21065aa8ab86097df9d659816f5c7075bf81f1c0476b954f'
    rows = @(
        [ordered]@{ release = '2025'; build = 26100; product = 'datacenter'; channel = 'avma'; key = 'YQB4H-NKHHJ-Q6K4R-4VMY6-VCH67'; source = 'Microsoft: Automatic Virtual Machine Activation in Windows Server, section Windows Server 2025'; dated = '2024-11'; evidence = 'republished' }
        [ordered]@{ release = '2025'; build = 26100; product = 'datacenter-azure-edition'; channel = 'avma'; key = '6NMQ9-T38WF-6MFGM-QYGYM-88J4F'; source = 'Microsoft: Automatic Virtual Machine Activation in Windows Server, section Windows Server 2025'; dated = '2024-11'; evidence = 'republished' }
        [ordered]@{ release = '2025'; build = 26100; product = 'standard'; channel = 'avma'; key = 'WWVGQ-PNHV9-B89P4-8GGM9-9HPQ4'; source = 'Microsoft: Automatic Virtual Machine Activation in Windows Server, section Windows Server 2025'; dated = '2024-11'; evidence = 'republished' }
        [ordered]@{ release = '2022'; build = 20348; product = 'datacenter'; channel = 'avma'; key = 'W3GNR-8DDXR-2TFRP-H8P33-DV9BG'; source = 'Microsoft: Automatic Virtual Machine Activation in Windows Server'; dated = '2023-09-19'; evidence = 'published' }
        [ordered]@{ release = '2022'; build = 20348; product = 'datacenter-azure-edition'; channel = 'avma'; key = 'F7TB6-YKN8Y-FCC6R-KQ484-VMK3J'; source = 'Microsoft: Automatic Virtual Machine Activation in Windows Server'; dated = '2023-09-19'; evidence = 'published' }
        [ordered]@{ release = '2022'; build = 20348; product = 'standard'; channel = 'avma'; key = 'YDFWN-MJ9JR-3DYRK-FXXRW-78VHK'; source = 'Microsoft: Automatic Virtual Machine Activation in Windows Server'; dated = '2023-09-19'; evidence = 'published' }
        [ordered]@{ release = '2019'; build = 17763; product = 'datacenter'; channel = 'avma'; key = 'H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW'; source = 'Micro