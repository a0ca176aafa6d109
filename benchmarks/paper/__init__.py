"""The paper's table on real data: `make paper`. Networks, formulas, controls, certificates, diagnosis; resumable."""
