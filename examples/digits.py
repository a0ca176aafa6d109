"""A classifier: digits -> one formula for all ten logits -> certified agreement: python examples/digits.py [FOLDER]"""

import sys

import numpy as np
import torch
from sklearn.datasets import load_digits

import eigenstill

pixels, digits = load_digits(return_X_y=True)
order = np.random.default_rng(0).permutation(len(pixels))
pixels, digits = pixels[order], digits[order]
pixels = pixels[:, pixels[:1200].std(axis=0) > 0]  # a pixel that never changes says nothing, and would be refused
labels = np.eye(10)[digits]  # one 0/1 column a class
x, c = torch.as_tensor(pixels[:1200], dtype=torch.float32), torch.as_tensor(digits[:1200])

torch.manual_seed(0)
network = torch.nn.Sequential(torch.nn.Linear(x.shape[1], 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
for _ in range(100):
    optimiser.zero_grad()
    torch.nn.functional.cross_entropy(network(x), c).backward()
    optimiser.step()

student = eigenstill.distill(
    network, pixels[:1200], labels[:1200], holdout=pixels[1200:], holdout_y=labels[1200:], landmarks=48
)
folder = sys.argv[1] if len(sys.argv) > 1 else "digits"
certificate = eigenstill.certify(student, folder)
student.save(f"{folder}/student.safetensors")
student.recording.save(f"{folder}/recording.safetensors")  # for `eigenstill show` and `eigenstill report`
verdict = eigenstill.check(certificate)
print(verdict.message, "->", certificate)
print(next(claim.statement for claim in verdict.claims if claim.claim == "agreement"))
