"""What is compiled is compiled before anybody asks."""

from geo.coverage import patch_search, searching, service_areas, snapping, warm


def test_warming_compiles_every_kernel_once_and_asking_compiles_nothing_more() -> None:
    warm.warm()
    kernels = [
        searching.nearest_labels, searching.k_nearest_labels, searching.merge_labels, searching.rows_within,
        searching.rows_between_nodes, snapping._nearest_pieces, snapping._sorted_into_cells,
        service_areas._joined, service_areas._cut,
        patch_search.cut_path, patch_search.cut_tree, patch_search.spanning_tree, patch_search.anneal,
        patch_search.stays_connected, patch_search.quality,
    ]  # fmt: skip
    compiled = [len(kernel.signatures) for kernel in kernels]
    assert all(compiled)
    warm.warm()
    assert [len(kernel.signatures) for kernel in kernels] == compiled
