"""The exchange room: files become rows with findings, rows become records, records become files again."""

import os

# GDAL registers its drivers when pyogrio is first imported; a VRT or pipeline file could name any local file or host.
os.putenv("OGR_SKIP", "OGR_VRT,GDALG,HTTP,WFS,OAPIF,CSW,EEDA,OGCAPI,Carto,Elasticsearch,NGW,AmigoCloud,PLSCENES")
