resource "hyperv_guest" "files" {
  name        = "files01"
  image       = "Windows Server 2022 Standard Evaluation"
  product_key = "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK"
}

resource "hyperv_guest" "build" {
  name        = "build01"
  product_key = "W3GNR-8DDXR-2TFRP-H8P33-DV9BG"
}
