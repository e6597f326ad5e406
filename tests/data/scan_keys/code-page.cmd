rem für Größe
slmgr /ipk DBGBW-NPF86-BJVTX-K3WKJMTB6V
